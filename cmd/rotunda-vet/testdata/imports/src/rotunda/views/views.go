// Package views is imported by packages that may not.
package views
