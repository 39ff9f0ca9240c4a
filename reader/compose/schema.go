package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// whole is the schema by which compose-go validates. It compiles it anew for every file, which takes most of the time of a load.
var whole = schema.Schema

// loadProject loads as compose-go does. First without the schema: where the project that comes out keeps to the compiled one,
// compose-go has nothing against it either. Only else it is loaded as a whole, and its own word counts.
func loadProject(options *cli.ProjectOptions) (*types.Project, error) {
	schema.Schema = "{}"
	project, err := options.LoadProject(context.Background())
	if err == nil {
		model, failed := options.LoadModel(context.Background())
		if failed == nil && keepsToSchema(model) {
			return project, nil
		}
	}
	schema.Schema = whole
	return options.LoadProject(context.Background())
}

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(whole))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.RegisterFormat(&jsonschema.Format{Name: "duration", Validate: func(value any) error {
		text, ok := value.(string)
		if !ok {
			return errors.New("no text")
		}
		_, err := time.ParseDuration(text)
		return err
	}})
	if err := compiler.AddResource("compose-spec.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("compose-spec.json")
})

func keepsToSchema(model map[string]any) bool {
	checker, err := compiled()
	if err != nil {
		return false
	}
	text, err := json.Marshal(model)
	if err != nil {
		return false
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return false
	}
	return checker.Validate(plain) == nil
}
