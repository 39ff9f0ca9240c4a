// Sigstore's certificate authority on a free port of the loopback. The program of the module itself also listens on
// every address of the machine, for its metrics.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	ctclient "github.com/google/certificate-transparency-go/client"
	"github.com/google/certificate-transparency-go/jsonclient"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/sigstore/fulcio/pkg/ca/ephemeralca"
	"github.com/sigstore/fulcio/pkg/config"
	gw "github.com/sigstore/fulcio/pkg/generated/protobuf"
	"github.com/sigstore/fulcio/pkg/server"
	v1 "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	"github.com/sigstore/sigstore/pkg/signature"
	"google.golang.org/grpc/metadata"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: fulcio ISSUER CT-LOG")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	handler, err := authority(os.Args[1], os.Args[2])
	check(err)
	fmt.Printf("listening on http://%s\n", listener.Addr())
	api := http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	check(api.Serve(listener))
}

// The API of an authority that believes the workflow tokens of one issuer and logs certificates in one log.
func authority(issuer, log string) (http.Handler, error) {
	configuration, err := readConfiguration(issuer)
	if err != nil {
		return nil, err
	}
	ca, err := ephemeralca.NewEphemeralCA()
	if err != nil {
		return nil, err
	}
	logClient, err := ctclient.New(log, &http.Client{Timeout: 10 * time.Second}, jsonclient.Options{})
	if err != nil {
		return nil, err
	}
	algorithms, err := signature.NewAlgorithmRegistryConfig([]v1.PublicKeyDetails{v1.PublicKeyDetails_PKIX_ECDSA_P256_SHA_256})
	if err != nil {
		return nil, err
	}
	service := server.NewGRPCCAServer(logClient, ca, algorithms, server.NewIssuerPool(configuration))
	mux := runtime.NewServeMux(runtime.WithMetadata(bearer))
	if err := gw.RegisterCAHandlerServer(context.Background(), mux, service); err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(config.With(r.Context(), configuration)))
	}), nil
}

func readConfiguration(issuer string) (*config.FulcioConfig, error) {
	known := config.OIDCIssuer{IssuerURL: issuer, ClientID: "sigstore", Type: config.IssuerTypeGithubWorkflow}
	text, err := json.Marshal(map[string]any{"OIDCIssuers": map[string]config.OIDCIssuer{issuer: known}})
	if err != nil {
		return nil, err
	}
	return config.Read(text)
}

func bearer(_ context.Context, r *http.Request) metadata.MD {
	var token string
	_, _ = fmt.Sscanf(r.Header.Get("Authorization"), "Bearer %s", &token)
	return metadata.Pairs(server.MetadataOIDCTokenKey, token)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
