using System.Globalization;
using SmimeOperator.Testing;

namespace SmimeOperator.Tests;

/// <summary>How often the API server was asked to write one of our resources or an event, by its own count.</summary>
internal static class ServerWrites
{
    public static async Task<long> CountAsync(Kubectl kubectl) =>
        (await kubectl.RunAsync("get", "--raw", "/metrics")).Split('\n')
        .Where(l => l.StartsWith("apiserver_request_total{", StringComparison.Ordinal))
        .Where(l => l.Contains("group=\"smime-operator.io\"", StringComparison.Ordinal) || l.Contains("resource=\"events\"", StringComparison.Ordinal))
        .Where(l => new[] { "GET", "LIST", "WATCH" }.All(verb => !l.Contains($"verb=\"{verb}\"", StringComparison.Ordinal)))
        .Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
