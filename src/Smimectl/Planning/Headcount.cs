namespace Smimectl;

/// <summary>How many there are, as far as it is known: exactly where both are the same.</summary>
/// <param name="Least">So many at least.</param>
/// <param name="Most">So many at most; null where that is not known.</param>
internal sealed record Headcount(int Least, int? Most)
{
    public static Headcount None { get; } = new(0, 0);

    /// <summary>Whether it is sure that there is nobody.</summary>
    public bool IsNone => Most == 0;

    /// <summary>In words; who is counted is named in the singular.</summary>
    public string Of(string whom) => this switch
    {
        (var least, { } most) when least == most => $"{most} {Named(whom, most)}",
        (_, { } most) => $"at most {most} {Named(whom, most)}",
        (0, null) => $"a number of {whom}s that is not known",
        var (least, _) => $"at least {least} {Named(whom, least)}",
    };

    private static string Named(string whom, int number) => number == 1 ? whom : whom + "s";
}
