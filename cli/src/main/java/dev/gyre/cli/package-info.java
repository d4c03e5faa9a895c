/**
 * The command line: one class per command, options that several commands share as mixins, and the rules of
 * {@link dev.gyre.cli.Main} for exit codes and messages.
 */
@NullMarked
package dev.gyre.cli;

import org.jspecify.annotations.NullMarked;
