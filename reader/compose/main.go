// Reads compose projects by compose-go, in the version and with the options of the nerdctl that the default Finch ships.
package main

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"finch-signing/reader/host"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

type task struct {
	File string `json:"file"`
	Path string `json:"path"`
	// Root of the workspace, as Path has it.
	Root string `json:"root"`
	// As `compose`: the project of this very file. Else an overlay may name no image by itself.
	As          string            `json:"as"`
	Environment map[string]string `json:"environment"`
}

func main() {
	host.Serve(func(input []byte) []byte {
		var work task
		if err := json.Unmarshal(input, &work); err != nil {
			panic(err)
		}
		return host.Answer(input, work.File, func() *host.Found { return read(work) })
	})
}

func read(work task) *host.Found {
	found := host.NewFound("compose")
	os.Clearenv()
	for name, value := range work.Environment {
		os.Setenv(name, value)
	}
	if base := baseOf(work); base != "" && work.As != "compose" {
		load(found, work, []string{base, work.Path}, false)
		alone := host.NewFound("compose")
		load(alone, work, []string{work.Path}, true)
		if len(alone.Problems) == 0 {
			found.Images = append(found.Images, alone.Images...)
			found.Follow = append(found.Follow, alone.Follow...)
		}
		return found
	}
	return load(found, work, withOverride(work), work.As != "compose")
}

// baseOf is the file that compose takes without being asked, where this one is another of its folder: `compose.prod.yaml`.
func baseOf(work task) string {
	folder, name := path.Split(work.Path)
	for _, known := range []string{"compose", "docker-compose"} {
		if !strings.HasPrefix(name, known+".") && !strings.HasPrefix(name, known+"-") {
			continue
		}
		for _, extension := range []string{".yaml", ".yml"} {
			base := known + extension
			if _, err := os.Stat(folder + base); err == nil && base != name && !strings.HasPrefix(name, known+".override.") {
				return folder + base
			}
		}
	}
	return ""
}

// load reads a project of files. mayLack: a service without image and build is no mistake, since another file may bring it.
func load(found *host.Found, work task, files []string, mayLack bool) *host.Found {
	options, err := cli.NewProjectOptions(files,
		cli.WithOsEnv,
		cli.WithWorkingDirectory(""),
		cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath,
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithName(""),
		cli.WithProfiles([]string{"*"}),
		// The files of `env_file` are for the containers; none of them names an image.
		cli.WithoutEnvironmentResolution,
		cli.WithConsistency(!mayLack),
	)
	if err != nil {
		return refused(found, work, err)
	}
	project, err := loadProject(options)
	if err != nil {
		return refused(found, work, err)
	}
	r := reader{work, found, linesOf(files), mayLack}
	services := map[string]types.ServiceConfig{}
	for name, service := range project.DisabledServices {
		services[name] = service
	}
	for name, service := range project.Services {
		services[name] = service
	}
	for _, name := range sorted(services) {
		r.service(name, services[name])
	}
	return found
}

// withOverride is a file with the override that compose takes by itself; an override alone is judged as the project.
func withOverride(work task) []string {
	folder, name := path.Split(work.Path)
	extension := path.Ext(name)
	base := strings.TrimSuffix(name, extension)
	main, isOverlay := strings.CutSuffix(base, ".override")
	for _, known := range []string{"compose", "docker-compose"} {
		if main != known {
			continue
		}
		for _, other := range []string{extension, ".yaml", ".yml"} {
			if _, err := os.Stat(folder + main + other); isOverlay && err == nil {
				return []string{folder + main + other, work.Path}
			}
			if _, err := os.Stat(folder + main + ".override" + other); !isOverlay && err == nil {
				return []string{work.Path, folder + main + ".override" + other}
			}
		}
	}
	return []string{work.Path}
}

func refused(found *host.Found, work task, err error) *host.Found {
	why := strings.ReplaceAll(err.Error(), work.Root+"/", "")
	for _, value := range work.Environment {
		if len(value) > 5 {
			why = strings.ReplaceAll(why, value, "***")
		}
	}
	if strings.Contains(why, "required variable") {
		found.Open(work.File, 1, work.File, "compose refuses it: "+why)
	} else {
		found.Invalid(work.File, 1, work.File, "compose refuses it: "+why)
	}
	return found
}

type reader struct {
	task
	*host.Found
	lines   map[string]place
	mayLack bool
}

type place struct {
	file string
	line int
}

// linesOf tells where words stand first; compose-go forgets it.
func linesOf(files []string) map[string]place {
	made := map[string]place{}
	for _, file := range files {
		text, _ := os.ReadFile(file)
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			for _, word := range strings.FieldsFunc(line, func(char rune) bool { return strings.ContainsRune(" \t\r\n\"',[]{}", char) }) {
				if _, ok := made[word]; !ok {
					made[word] = place{file, number}
				}
			}
		}
	}
	return made
}

// at is where a value stands, or else its service.
func (r reader) at(value, service string) (string, int) {
	for _, word := range []string{value, service + ":"} {
		if found, ok := r.lines[word]; ok && word != "" {
			return strings.TrimPrefix(found.file, r.Root+"/"), found.line
		}
	}
	return r.File, 1
}

func (r reader) image(name, service, use string) {
	file, line := r.at(name, service)
	r.AddImage(host.Image{Name: name, File: file, Line: line, Use: use})
}

func (r reader) service(name string, service types.ServiceConfig) {
	file, line := r.at("", name)
	noted := host.Service{
		Name: name, Image: service.Image, HasBuild: service.Build != nil, HasProvider: service.Provider != nil,
		Profiles: append([]string{}, service.Profiles...), File: file, Line: line, Nerdctl: []host.NerdctlWord{},
	}
	for _, key := range sorted(service.Extensions) {
		if strings.HasPrefix(key, "x-nerdctl-") {
			at, number := r.at(key+":", name)
			text, isText := service.Extensions[key].(string)
			if !isText {
				value, _ := json.Marshal(service.Extensions[key])
				text = string(value)
			}
			noted.Nerdctl = append(noted.Nerdctl, host.NerdctlWord{Key: key, Value: text, IsText: isText, File: at, Line: number})
		}
	}
	r.Services = append(r.Services, noted)
	if service.Provider != nil {
		return
	}
	if service.Image != "" {
		use := "compose-service"
		if service.Build != nil {
			use = "compose-build"
		}
		r.image(service.Image, name, use)
	} else if service.Build == nil && !r.mayLack {
		r.Invalid(file, line, name, "the service has neither image nor build")
	}
	for _, volume := range service.Volumes {
		if volume.Type == types.VolumeTypeImage {
			r.image(volume.Source, name, "compose-volume")
		}
	}
	if service.Build != nil {
		r.build(name, *service.Build, line)
	}
}

func (r reader) build(service string, build types.BuildConfig, line int) {
	contexts := []string{}
	for _, name := range sorted(build.AdditionalContexts) {
		contexts = append(contexts, name)
		kind, image, ok := strings.Cut(build.AdditionalContexts[name], "://")
		if ok && strings.EqualFold(kind, "docker-image") && image != "scratch" {
			r.image(image, service, "compose-context")
		}
	}
	for _, cache := range build.CacheFrom {
		if name := host.CacheReference(cache); name != "" {
			r.image(name, service, "compose-cache")
		}
	}
	args := map[string]string{}
	for name, value := range build.Args {
		if value != nil {
			args[name] = *value
		} else if given, ok := r.Environment[name]; ok {
			args[name] = given
		}
	}
	follow := host.Follow{Program: "dockerfile", Args: args, Contexts: contexts, Target: build.Target, Line: line}
	switch {
	case build.DockerfileInline != "":
		follow.Path, follow.Text, follow.Inline = r.File, build.DockerfileInline, true
	case strings.Contains(build.Context, "://") || strings.HasPrefix(build.Context, "git@"):
		file, number := r.at(build.Context, service)
		r.Open(file, number, build.Context, "the context of the build is not in the workspace")
		return
	default:
		name := build.Dockerfile
		if name == "" {
			name = "Dockerfile"
		}
		if !filepath.IsAbs(name) {
			name = filepath.Join(build.Context, name)
		}
		inside, ok := strings.CutPrefix(filepath.Clean(name), r.Root+"/")
		if !ok {
			file, number := r.at(build.Context, service)
			r.Invalid(file, number, build.Context, "its Dockerfile is outside of the workspace")
			return
		}
		follow.Path = inside
	}
	r.Follow = append(r.Follow, follow)
}

func sorted[T any](values map[string]T) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
