package example

func (b *builder) scale(Options) error { return nil }
