// Package files encodes what leaves the building as a file. Its encoders get
// rows that are already disclosed to their reader: they format and defuse, and
// decide nothing.
package files
