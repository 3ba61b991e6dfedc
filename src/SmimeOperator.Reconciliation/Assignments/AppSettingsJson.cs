using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>How an assigned iOS app behaves, as the service writes it. Only what the spec states counts; the rest is left as it is.</summary>
internal static class AppSettingsJson
{
    private const string Vpp = "iosVppApp";

    /// <summary>The settings that differ: name, wanted, found.</summary>
    public static IEnumerable<(string Name, string Wanted, string? Found)> Differences(AppSettings? wanted, string appType, JsonElement assignment)
    {
        var there = SettingsOf(assignment);
        return Stated(wanted, appType)
            .Select(s => (s.Name, Wanted: s.Value.ToString(), Found: there.ValueKind == JsonValueKind.Object && there.TryGetProperty(s.Name, out var found) ? Text(found) : null))
            .Where(s => !string.Equals(s.Wanted, s.Found, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What an assignment carries besides its target: the settings that are there, with what the spec states in their place.</summary>
    public static JsonElement Carry(AppSettings? wanted, string appType, JsonElement before)
    {
        var settings = SettingsOf(before) is { ValueKind: JsonValueKind.Object } there ? JsonObject.Create(there)! : [];
        foreach (var (name, value) in Stated(wanted, appType))
        {
            settings[name] = value;
        }

        if (settings.Count == 0)
        {
            return default;
        }

        // The type comes first, as parsers of polymorphic values want it.
        settings.Remove("@odata.type");
        settings.Insert(0, "@odata.type", $"#microsoft.graph.{appType}AssignmentSettings");
        if (appType == Vpp && !settings.ContainsKey("useDeviceLicensing"))
        {
            settings["useDeviceLicensing"] = false;
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["settings"] = settings });
    }

    /// <summary>What the spec states, as text; empty where it states nothing.</summary>
    public static string Describe(AppSettings? wanted) =>
        wanted is null ? "" : string.Join(' ', Stated(wanted, Vpp).Select(s => $" {s.Name}={s.Value}"));

    private static IEnumerable<(string Name, JsonNode Value)> Stated(AppSettings? wanted, string appType)
    {
        if (wanted is null || !appType.StartsWith("ios", StringComparison.Ordinal))
        {
            return [];
        }

        if (appType != Vpp && (wanted.UseDeviceLicensing is not null || wanted.PreventAutoAppUpdate is not null))
        {
            throw VerdictException.Stalled(Reasons.InvalidSpec,
                "spec.app.settings: useDeviceLicensing and preventAutoAppUpdate belong to volume-purchased apps, and the policy's app is from the store");
        }

        IEnumerable<(string Name, JsonNode? Value)> all =
        [
            ("uninstallOnDeviceRemoval", wanted.UninstallOnDeviceRemoval),
            ("isRemovable", wanted.IsRemovable),
            ("preventManagedAppBackup", wanted.PreventManagedAppBackup),
            ("vpnConfigurationId", wanted.VpnConfigurationId),
            ("useDeviceLicensing", wanted.UseDeviceLicensing),
            ("preventAutoAppUpdate", wanted.PreventAutoAppUpdate),
        ];
        return all.Where(s => s.Value is not null).Select(s => (s.Name, s.Value!));
    }

    private static JsonElement SettingsOf(JsonElement assignment) =>
        assignment.ValueKind == JsonValueKind.Object && assignment.TryGetProperty("settings", out var settings) ? settings : default;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
