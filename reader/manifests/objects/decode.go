package objects

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"k8s.io/apimachinery/pkg/util/yaml"
)

// Documents of one file; more than that nobody writes.
const mostDocuments = 50_000

// Errors after which the rest of a file is not tried any more.
const mostErrors = 20

type raw []byte

func (r *raw) UnmarshalJSON(text []byte) error {
	*r = append([]byte{}, text...)
	return nil
}

// Decode reads a stream of documents as `kubectl apply` does: YAML, JSON, or one JSON value behind the other. It returns all
// that can be read, with the first error.
func Decode(text string) (documents []any, first error) {
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader([]byte(text)), 4096)
	failed := 0
	for len(documents) < mostDocuments {
		var document raw
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, first
		}
		if err == nil {
			var value any
			reader := json.NewDecoder(bytes.NewReader(document))
			reader.UseNumber()
			if len(bytes.TrimSpace(document)) == 0 {
				continue
			}
			if err = reader.Decode(&value); err == nil {
				documents = append(documents, value)
				continue
			}
		}
		if first == nil {
			first = err
		}
		if failed++; failed == mostErrors {
			return documents, first
		}
	}
	return documents, errors.New("it holds more documents than anybody writes")
}
