// Command rotunda-bench may stop at a panic.
package main

func main() { go println() }
