// Package rest stands in the place of the client that Helm's engine would reach a cluster with: charts are rendered without one.
package rest

// Config of a connection that is never made.
type Config struct{}
