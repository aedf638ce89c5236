// Command talos-lab emulates Talos machines on loopback addresses.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()

	if len(os.Args) < 2 || os.Args[1] != "serve" {
		fmt.Fprintln(os.Stderr, "usage: talos-lab serve --directory DIR --machines ADDRESS,... [flags]")
		os.Exit(2)
	}

	options, err := parse(os.Args[2:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "talos-lab:", err)
		os.Exit(2)
	}

	if err := serve(ctx, options); err != nil {
		fmt.Fprintln(os.Stderr, "talos-lab:", err)
		os.Exit(1)
	}
}
