using System.Text.Json.Serialization;

namespace Smimectl;

/// <summary>How bad a finding is.</summary>
internal enum DiagnosisLevel
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It does not work.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,
}

/// <summary>One line of a diagnosis.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do; null where nothing has to be done.</param>
internal sealed record Diagnosis(string Check, DiagnosisLevel Level, string Message, string? Fix = null)
{
    public static Diagnosis Ok(string check, string message) => new(check, DiagnosisLevel.Ok, message);

    public static Diagnosis Warning(string check, string message, string fix) => new(check, DiagnosisLevel.Warning, message, fix);

    public static Diagnosis Problem(string check, string message, string fix) => new(check, DiagnosisLevel.Problem, message, fix);
}

/// <summary>One thing to look at, independently of all others.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Run">Looks; what it throws becomes a finding.</param>
internal sealed record Check(string Name, Func<CancellationToken, Task<IReadOnlyList<Diagnosis>>> Run);
