using System.Globalization;

namespace Smimectl;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    public static string Of(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number and its noun.</summary>
    public static string Of(int number, string one, string? many = null) => $"{Of(number)} {(number == 1 ? one : many ?? one + "s")}";
}
