// Kyverno's own verifier of cosign signatures without a cluster, asked about images and keys. Questions come as a JSON
// list on the standard input, answers leave as one on the standard output.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/kyverno/kyverno/pkg/image/verifiers"
	"github.com/kyverno/kyverno/pkg/image/verifiers/cpol/cosign"
)

type question struct {
	// A reference by digest.
	Image string `json:"image"`
	// A public key in PEM.
	Key string `json:"key"`
	// `type: SigstoreBundle` of a rule, in place of `type: Cosign`.
	Bundle bool `json:"bundle"`
	// `signatureAlgorithm` of a rule; sha256 where it is left out.
	Algorithm string `json:"algorithm"`
}

type answer struct {
	Passed bool   `json:"passed"`
	Why    string `json:"why"`
}

// Registries without a login, such as the one of a test.
type anonymous struct{}

func (anonymous) Options(ctx context.Context) ([]remote.Option, []name.Option, error) {
	return []remote.Option{remote.WithContext(ctx)}, anonymous{}.NameOptions(), nil
}

func (anonymous) NameOptions() []name.Option { return []name.Option{name.Insecure} }

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	verifier := cosign.NewVerifier()
	answers := make([]answer, len(questions))
	for i, q := range questions {
		_, err := verifier.VerifySignature(context.Background(), verifiers.Options{
			ImageRef:       q.Image,
			Client:         anonymous{},
			Key:            q.Key,
			IgnoreTlog:     true,
			IgnoreSCT:      true,
			SigstoreBundle: q.Bundle,

			SignatureAlgorithm: q.Algorithm,
		})
		if err != nil {
			answers[i] = answer{Why: err.Error()}
		} else {
			answers[i] = answer{Passed: true}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}
