// Package talos holds the resources and functions of the Talos plugin 0.8.1 that a program here uses.
package talos
