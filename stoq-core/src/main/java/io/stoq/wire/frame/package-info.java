/** Frames, one file each: how one is sized, written and read, and a record of it for tests and traces. RFC 9000 §19. */
package io.stoq.wire.frame;
