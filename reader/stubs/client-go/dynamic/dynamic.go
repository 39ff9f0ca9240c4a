// Package dynamic is named by Helm's engine where it has a cluster.
package dynamic
