// Sigstore's timestamp authority on a free port of the loopback. The program of the module itself also listens on port
// 2112 of every address of the machine, for its metrics, so that there cannot be two of it.
package main

import (
	"log"
	"os"
	"time"

	"github.com/sigstore/timestamp-authority/v2/pkg/server"
	"github.com/spf13/viper"
)

const limit = 30 * time.Second

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: timestamps KEY CHAIN")
	}
	for name, value := range settings(os.Args[1], os.Args[2]) {
		viper.Set(name, value)
	}
	api := server.NewRestAPIServer("127.0.0.1", 0, []string{"http"}, false, limit, limit)
	if err := api.Serve(); err != nil {
		log.Fatal(err)
	}
}

// What the flags of the module's program would say.
func settings(key, chain string) map[string]any {
	return map[string]any{
		"timestamp-signer":         "file",
		"timestamp-signer-hash":    "sha256",
		"file-signer-key-path":     key,
		"certificate-chain-path":   chain,
		"enforce-intermediate-eku": true,
		"disable-ntp-monitoring":   true,
		"max-request-body-size":    1 << 20,
	}
}
