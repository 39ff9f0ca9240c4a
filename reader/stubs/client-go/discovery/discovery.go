// Package discovery is named by Helm's engine where it has a cluster.
package discovery
