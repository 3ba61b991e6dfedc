using System.Security.Cryptography;
using System.Text.Json;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Compares what the spec states with what the tenant shows. Only stated fields count: server defaults, order, letter case and
/// read-only fields never read as a difference.
/// </summary>
internal static class FieldComparison
{
    private const string Key = "appConfigKey";

    public static IReadOnlyList<FieldDifference> Compare(ObjectShape shape, JsonElement desired, JsonElement observed, DesiredObject? owner = null)
    {
        var differences = new List<FieldDifference>();
        foreach (var property in desired.EnumerateObject())
        {
            if (property.Name is "@odata.type" or "id" || shape.CreateOnly.Contains(property.Name))
            {
                continue;
            }

            var kind = shape.Fields[property.Name];
            var found = observed.TryGetProperty(property.Name, out var value) ? value : default;
            if (kind == FieldKind.Settings)
            {
                CompareSettings(property.Name, property.Value, found, owner, differences);
            }
            else if (kind == FieldKind.ManagedConfiguration)
            {
                CompareManaged(property.Name, property.Value, found, owner, differences);
            }
            else if (!AreEqual(kind, property.Value, found) && !IsUnset(owner, kind, property.Value, found))
            {
                differences.Add(new FieldDifference("/" + property.Name, Show(kind, property.Value), Show(kind, found)));
            }
        }

        return differences;
    }

    /// <summary>Compares what an object should refer to with what it refers to; a target that does not exist yet cannot differ, nor what was not read.</summary>
    public static IEnumerable<FieldDifference> Compare(IEnumerable<DesiredReference> desired, IReadOnlyDictionary<string, string?> observed) =>
        from reference in desired
        where reference.Id is not null && observed.ContainsKey(reference.Navigation)
        let found = observed[reference.Navigation]
        where !string.Equals(reference.Id, found, StringComparison.OrdinalIgnoreCase)
        select new FieldDifference("/" + reference.Navigation, reference.Id, found);

    /// <summary>Whether a JSON pointer of the ignore list covers a path: the field itself or anything above it.</summary>
    public static bool IsIgnored(string path, IReadOnlyCollection<string>? ignore) =>
        ignore is not null && ignore.Any(i => path == i || path.StartsWith(i + "/", StringComparison.Ordinal));

    private static bool AreEqual(FieldKind kind, JsonElement desired, JsonElement found) => kind switch
    {
        FieldKind.Text => Lines(Text(desired)) == Lines(Text(found)),
        FieldKind.Enum => string.Equals(Text(desired), Text(found), StringComparison.OrdinalIgnoreCase),
        FieldKind.Flags => Members(Text(desired)).SetEquals(Members(Text(found))),
        FieldKind.Set => Items(desired).SetEquals(Items(found)),
        FieldKind.Records => Records(desired).SetEquals(Records(found)),
        FieldKind.Usages => Usages(desired).SetEquals(Usages(found)),
        FieldKind.Boolean => desired.ValueKind == found.ValueKind,
        FieldKind.Number => found.ValueKind == JsonValueKind.Number && desired.GetDecimal() == found.GetDecimal(),
        FieldKind.Binary => Bytes(desired).AsSpan().SequenceEqual(Bytes(found)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a single field"),
    };

    private static void CompareSettings(
        string field, JsonElement desired, JsonElement found, DesiredObject? owner, List<FieldDifference> differences)
    {
        var wanted = Settings(desired);
        var there = Settings(found);
        foreach (var (key, setting) in wanted)
        {
            if (!there.TryGetValue(key, out var observed))
            {
                if (!IsDefault(owner, key, ValueOf(setting)))
                {
                    differences.Add(new FieldDifference($"/{field}/{key}", ValueOf(setting), null));
                }
            }
            else if (ValueOf(setting) != ValueOf(observed) || !string.Equals(TypeOf(setting), TypeOf(observed), StringComparison.OrdinalIgnoreCase))
            {
                differences.Add(new FieldDifference($"/{field}/{key}", ValueOf(setting), ValueOf(observed)));
            }
        }

        foreach (var (key, observed) in there)
        {
            if (!wanted.ContainsKey(key) && owner is not null && owner.ReservedKeys.Contains(key))
            {
                differences.Add(new FieldDifference($"/{field}/{key}", null, ValueOf(observed)));
            }
        }
    }

    private static void CompareManaged(
        string field, JsonElement desired, JsonElement found, DesiredObject? owner, List<FieldDifference> differences)
    {
        var wanted = ManagedConfiguration.Parse(Text(desired));
        var there = ManagedConfiguration.Parse(Text(found));
        if (!string.Equals(wanted.Product, there.Product, StringComparison.OrdinalIgnoreCase))
        {
            differences.Add(new FieldDifference($"/{field}/productId", wanted.Product, there.Product));
        }

        foreach (var (key, property) in wanted.Properties)
        {
            var value = ManagedConfiguration.ValueOf(property);
            var observed = there.Properties.TryGetValue(key, out var known) ? ManagedConfiguration.ValueOf(known) : null;
            if (value != observed && !(observed is null && IsDefault(owner, key, value)))
            {
                differences.Add(new FieldDifference($"/{field}/{key}", value, observed));
            }
        }

        differences.AddRange(there.Properties
            .Where(p => !wanted.Properties.ContainsKey(p.Key) && owner is not null && owner.ReservedKeys.Contains(p.Key))
            .Select(p => new FieldDifference($"/{field}/{p.Key}", null, ManagedConfiguration.ValueOf(p.Value))));
    }

    // Somebody else's object need not say that it leaves something off.
    private static bool IsUnset(DesiredObject? owner, FieldKind kind, JsonElement desired, JsonElement found) =>
        owner?.Adopted is not null && found.ValueKind is (JsonValueKind.Undefined or JsonValueKind.Null)
        && (kind == FieldKind.Boolean ? desired.ValueKind == JsonValueKind.False : kind == FieldKind.Enum && Text(desired) == "none");

    // Nor spell out what the app takes for granted.
    private static bool IsDefault(DesiredObject? owner, string key, string? value) =>
        owner?.Adopted is not null && owner.Defaults.TryGetValue(key, out var taken) && taken == value;

    /// <summary>A settings list by key. The service does not forbid a key twice; the last one counts, as on the device.</summary>
    public static Dictionary<string, JsonElement> Settings(JsonElement list)
    {
        var settings = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(Key, out var key) && key.GetString() is { } name)
                {
                    settings[name] = item;
                }
            }
        }

        return settings;
    }

    private static string? ValueOf(JsonElement setting) => setting.TryGetProperty("appConfigKeyValue", out var value) ? Text(value) : null;

    private static string? TypeOf(JsonElement setting) => setting.TryGetProperty("appConfigKeyType", out var type) ? Text(type) : null;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    private static HashSet<string> Members(string flags) =>
        flags.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static HashSet<string> Items(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Select(Text).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : [];

    // Letter case counts here: these are names and addresses as certificates carry them.
    private static HashSet<string> Records(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(i => string.Join(' ', i.EnumerateObject()
            .Where(p => !p.Name.Contains('@', StringComparison.Ordinal) && p.Value.ValueKind != JsonValueKind.Null)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name}={Text(p.Value)}"))).ToHashSet(StringComparer.Ordinal)
        : [];

    private static HashSet<string> Usages(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object && i.TryGetProperty("objectIdentifier", out _))
            .Select(i => Text(i.GetProperty("objectIdentifier"))).ToHashSet(StringComparer.Ordinal)
        : [];

    private static byte[] Bytes(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : [];

    private static string? Show(FieldKind kind, JsonElement value) => kind switch
    {
        _ when value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null => null,
        FieldKind.Binary => $"{Bytes(value).Length} bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Bytes(value)))[..16]}",
        FieldKind.Set => string.Join(", ", Items(value).Order(StringComparer.Ordinal)),
        FieldKind.Records => string.Join(", ", Records(value).Order(StringComparer.Ordinal)),
        FieldKind.Usages => string.Join(", ", Usages(value).Order(StringComparer.Ordinal)),
        _ => Text(value),
    };
}
