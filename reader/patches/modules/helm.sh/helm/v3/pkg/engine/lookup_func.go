package engine

import "k8s.io/client-go/rest"

type lookupFunc = func(apiVersion string, kind string, namespace string, name string) (map[string]any, error)

// ClientProvider answers `lookup` in the place of a cluster.
type ClientProvider interface {
	Lookup(apiVersion, kind, namespace, name string) (map[string]any, error)
}

type clientProviderFromConfig struct{ config *rest.Config }

// Lookup finds nothing.
func (clientProviderFromConfig) Lookup(string, string, string, string) (map[string]any, error) {
	return map[string]any{}, nil
}

func newLookupFunction(provider ClientProvider) lookupFunc { return provider.Lookup }
