using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SmimeOperator.Testing;

namespace SmimeOperator.Api.Tests.Cluster;

/// <summary>What the API server said to the good and the bad manifest of a case.</summary>
public sealed record Verdict(bool GoodAccepted, bool BadAccepted, string Refusal, string Expected);

/// <summary>The cases of the folder Rules. All manifests of a kind go to the server in one kubectl call.</summary>
internal static class RuleCases
{
    private static readonly ConcurrentDictionary<string, Task<IReadOnlyDictionary<string, Verdict>>> Verdicts = new();

    internal static IEnumerable<(string Kind, string Name)> All() =>
        from kind in YamlFiles.Kinds
        from name in Cases(kind).Select(item => item.Key)
        select (kind, name);

    internal static IEnumerable<string> ExpectedRefusals(string kind) => Cases(kind).Select(item => (string)item.Value!["refused"]!);

    /// <summary>The good and the bad manifest of each case.</summary>
    internal static IEnumerable<JsonObject> Manifests(string kind) =>
        from item in Cases(kind)
        from side in (string[])["good", "bad"]
        select YamlFiles.Manifest(kind, $"{item.Key}-{side}", Merged(Base(kind), item.Value![side]!));

    internal static async Task<Verdict> VerdictAsync(Kubectl kubectl, string kind, string name) =>
        (await Verdicts.GetOrAdd(kind, _ => AskAsync(kubectl, kind)))[name];

    private static async Task<IReadOnlyDictionary<string, Verdict>> AskAsync(Kubectl kubectl, string kind)
    {
        var answer = await kubectl.TryApplyAsync(string.Join('\n', Manifests(kind).Select(manifest => manifest.ToJsonString())), "--dry-run=server");

        return Cases(kind).ToDictionary(
            item => item.Key,
            item => new Verdict(
                IsAccepted(answer, $"{item.Key}-good"),
                IsAccepted(answer, $"{item.Key}-bad"),
                Refusals.Of(answer, $"{item.Key}-bad"),
                (string)item.Value!["refused"]!));
    }

    private static bool IsAccepted(CommandResult answer, string name) =>
        answer.StandardOutput.Contains($"/{name} serverside-applied", StringComparison.Ordinal);

    private static JsonObject Cases(string kind) => File(kind)["cases"]!.AsObject();

    private static JsonNode Base(string kind) => File(kind)["base"]!;

    private static JsonObject File(string kind) => YamlFiles.Read(YamlFiles.InOutput("Rules", $"{kind}.yaml"));

    // RFC 7396.
    private static JsonNode Merged(JsonNode? target, JsonNode patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch.DeepClone();
        }

        var result = target is JsonObject old ? old.DeepClone().AsObject() : [];
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = Merged(result[key], value);
            }
        }

        return result;
    }
}
