using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.Cluster;

/// <summary>What kubectl says about each of several manifests that it applied in one call.</summary>
internal static partial class Refusals
{
    /// <summary>The sentence about one resource; empty where there is none.</summary>
    internal static string Of(CommandResult answer, string name) =>
        Start().Split(answer.StandardError).SingleOrDefault(text => Mentions(text, name), "");

    // Refused by validation, the resource stands in quotes; refused while merging, it stands as namespace/name.
    private static bool Mentions(string text, string name) =>
        text.Contains($"\"{name}\" is invalid", StringComparison.Ordinal) || text.Contains($"/{name};", StringComparison.Ordinal);

    [GeneratedRegex("^(?=The |Error from server)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Start();
}
