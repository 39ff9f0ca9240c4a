// Package http of a program that has no network: what its libraries name of the real one, and nothing that connects.
package http

import (
	"errors"
	"io"
	"time"
)

const (
	MethodGet             = "GET"
	StatusOK              = 200
	StatusMultipleChoices = 300
)

var errNoNetwork = errors.New("there is no network")

// Header of a request that is never sent.
type Header map[string][]string

// Set notes nothing.
func (Header) Set(string, string) {}

// Request that is never sent.
type Request struct{ Header Header }

// SetBasicAuth notes nothing.
func (*Request) SetBasicAuth(string, string) {}

// Response that never comes.
type Response struct {
	Status     string
	StatusCode int
	Body       io.ReadCloser
}

// RoundTripper sends nothing.
type RoundTripper any

// Client that connects to nothing.
type Client struct {
	Timeout   time.Duration
	Transport RoundTripper
}

// Do always fails.
func (*Client) Do(*Request) (*Response, error) { return nil, errNoNetwork }

// Get always fails.
func (*Client) Get(string) (*Response, error) { return nil, errNoNetwork }

// StatusText has no words.
func StatusText(int) string { return "" }

// NewRequest always fails.
func NewRequest(_, _ string, _ io.Reader) (*Request, error) { return nil, errNoNetwork }

// NewRequestWithContext always fails.
func NewRequestWithContext(_ any, _, _ string, _ io.Reader) (*Request, error) {
	return nil, errNoNetwork
}

// DefaultClient connects to nothing.
var DefaultClient = &Client{}

// Get always fails.
func Get(string) (*Response, error) { return nil, errNoNetwork }
