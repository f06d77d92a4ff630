package worker

func test() { go println() }
