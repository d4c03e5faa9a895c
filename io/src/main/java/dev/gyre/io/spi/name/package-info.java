/** Host names: who looks them up, which addresses are tried first, and how one of them is connected to. */
@NullMarked
package dev.gyre.io.spi.name;

import org.jspecify.annotations.NullMarked;
