using System.Security.Cryptography;
using System.Text;

namespace Smimectl;

/// <summary>Tells findings apart from one run to the next: not by line, for lines move.</summary>
internal static class Fingerprints
{
    /// <summary>The findings with their fingerprints; equal ones are numbered.</summary>
    public static IEnumerable<(Finding Finding, string Fingerprint)> Of(IReadOnlyList<Finding> findings)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var finding in findings)
        {
            var what = string.Join('\n', finding.Rule.Id, finding.File, finding.Resource, finding.Field, finding.Message);
            var before = seen.GetValueOrDefault(what);
            seen[what] = before + 1;
            yield return (finding, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{before}"))));
        }
    }
}
