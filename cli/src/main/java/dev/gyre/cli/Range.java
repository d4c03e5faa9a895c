package dev.gyre.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Whole numbers between two bounds, as the value of an option.
 *
 * @param min the least allowed
 * @param max the greatest allowed
 */
record Range(int min, int max) implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        try {
            int number = Integer.parseInt(text);
            if (min <= number && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below: a word and a number out of bounds are the same mistake.
        }
        throw new TypeConversionException("'" + text + "' is not a whole number from " + min + " to " + max);
    }
}
