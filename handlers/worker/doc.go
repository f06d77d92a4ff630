// Package worker is what happens when a job comes. It knows no web server.
package worker
