// Sigstore's policy-controller without a cluster: its own parser, validation and verifier, asked about images and policies.
// Questions come as a JSON list on the standard input, answers leave as one on the standard output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/sigstore/policy-controller/pkg/apis/glob"
	"github.com/sigstore/policy-controller/pkg/policy"
)

type question struct {
	// ClusterImagePolicies as text.
	Policy string `json:"policy"`
	// Where it is given, only whether it fits the image's name.
	Glob string `json:"glob"`
	// A reference by digest, as the admission webhook sees it.
	Image string `json:"image"`
	// `deny` where it is left out.
	NoMatch string `json:"noMatch"`
}

type answer struct {
	Passed bool `json:"passed"`
	// The policy itself is refused.
	Invalid  bool     `json:"invalid"`
	Why      string   `json:"why"`
	Warnings []string `json:"warnings"`
}

func main() {
	// What the program is called in a cluster: it asks for the namespace that it runs in.
	os.Setenv("SYSTEM_NAMESPACE", "cosign-system")
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		answers[i] = ask(context.Background(), q)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(ctx context.Context, q question) answer {
	if q.Glob != "" {
		fits, err := glob.Match(q.Glob, q.Image)
		if err != nil {
			return answer{Invalid: true, Why: err.Error()}
		}
		return answer{Passed: fits}
	}
	said := answer{}
	noMatch := q.NoMatch
	if noMatch == "" {
		noMatch = "deny"
	}
	warn := func(format string, values ...any) { said.Warnings = append(said.Warnings, fmt.Sprintf(format, values...)) }
	given := policy.Verification{NoMatchPolicy: noMatch, Policies: &[]policy.Source{{Data: q.Policy}}}
	verifier, err := policy.Compile(ctx, given, warn)
	if err != nil {
		return answer{Invalid: true, Why: err.Error()}
	}
	ref, err := name.ParseReference(q.Image, name.Insecure)
	if err != nil {
		return answer{Invalid: true, Why: err.Error()}
	}
	if err := verifier.Verify(ctx, ref, authn.DefaultKeychain); err != nil {
		said.Why = err.Error()
		return said
	}
	said.Passed = true
	return said
}
