namespace KpiStream.Tests.Support;

/// <summary>Compares long texts and says where they part.</summary>
public static class TextAssert
{
    /// <exception cref="InvalidOperationException">The texts differ; the message has the first lines that do.</exception>
    public static void SameLines(string expected, string actual)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            return;
        }

        var wanted = expected.Split('\n');
        var got = actual.Split('\n');
        var missing = string.Join('\n', wanted.Except(got).Take(5));
        var extra = string.Join('\n', got.Except(wanted).Take(5));
        throw new InvalidOperationException($"The texts differ ({wanted.Length} lines expected, {got.Length} found).\nMissing:\n{missing}\nToo many:\n{extra}");
    }
}
