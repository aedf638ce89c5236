// Command render-check renders machine configurations the way the plugin does and validates them strictly: a line of
// JSON on standard input is one machine, a line on standard output its result.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// largestLine is more than any machine's patches take.
const largestLine = 16 << 20

// result is what came of one request.
type result struct {
	ID     string `json:"id"`
	OK     bool   `json:"ok"`
	Error  string `json:"error,omitempty"`
	Config string `json:"config,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "render-check:", err)
		os.Exit(1)
	}
}

// serve answers each line as soon as it is read, so that a caller may wait for an answer before it asks again.
func serve(requests io.Reader, results io.Writer) error {
	scanner := bufio.NewScanner(requests)
	scanner.Buffer(nil, largestLine)

	encoder := json.NewEncoder(results)
	renderer := newRenderer()

	for scanner.Scan() {
		var wanted request

		if err := json.Unmarshal(scanner.Bytes(), &wanted); err != nil {
			return fmt.Errorf("a request is not understood: %w", err)
		}

		if err := encoder.Encode(renderer.check(wanted)); err != nil {
			return err
		}
	}

	return scanner.Err()
}
