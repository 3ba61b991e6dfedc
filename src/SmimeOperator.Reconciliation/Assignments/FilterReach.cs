using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Which platforms an entry of an Assignment reaches. A filter is of one platform and the service refuses it on objects of another; to assign those
/// without it would give more people more than was asked for. So a filtered entry reaches its filter's platform alone.
/// </summary>
internal static class FilterReach
{
    private const string WorkProfile = "androidWorkProfile";

    // Graph devicePlatformType; Android Enterprise is called androidForWork there.
    private static readonly Dictionary<string, DevicePlatform> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iOS"] = DevicePlatform.IOS,
        ["androidForWork"] = DevicePlatform.Android,
        [WorkProfile] = DevicePlatform.Android,
        ["macOS"] = DevicePlatform.MacOS,
        ["windows10AndLater"] = DevicePlatform.Windows,
    };

    /// <summary>The platforms that a policy serves.</summary>
    public static IReadOnlySet<DevicePlatform> Of(SmimePolicySpec policy) => new HashSet<DevicePlatform>(
    [
        DevicePlatform.IOS,
        .. policy.Platforms?.Android is null ? Array.Empty<DevicePlatform>() : [DevicePlatform.Android],
        .. policy.Platforms?.MacOS is null ? Array.Empty<DevicePlatform>() : [DevicePlatform.MacOS],
        .. policy.Platforms?.Windows is null ? Array.Empty<DevicePlatform>() : [DevicePlatform.Windows],
    ]);

    /// <summary>The platforms that one entry reaches, and a sentence where that is fewer than the policy serves and the entry does not say so.</summary>
    /// <exception cref="VerdictException">The entry reaches nothing, or names a platform that its filter does not fit.</exception>
    public static (IReadOnlySet<DevicePlatform> Platforms, string? Note) Of(
        IncludeTarget include, AssignmentFilter? filter, string label, IReadOnlySet<DevicePlatform> served)
    {
        var named = include.Platforms is { Count: > 0 } list ? list.ToHashSet() : null;
        if (named is not null && !named.Overlaps(served))
        {
            throw Invalid($"'{label}' is for {Words(named)}, and the policy serves {Words(served)}; name the platform in the policy's spec.platforms too");
        }

        if (filter?.Platform is not { } text)
        {
            return (named ?? served, null);
        }

        if (!Known.TryGetValue(text, out var platform) || !served.Contains(platform))
        {
            throw Invalid($"filter '{filter.DisplayName}' is for {text}, and the policy serves {Words(served)}; a filter of one platform cannot narrow another's target");
        }

        if (named is not null && !named.SetEquals([platform]))
        {
            throw Invalid($"'{label}' names {Words(named)}, and its filter '{filter.DisplayName}' is for {text}; write an entry with a filter of its own for each platform");
        }

        return (new HashSet<DevicePlatform> { platform }, named is null && served.Count > 1
            ? $"filter '{filter.DisplayName}' is for {text}, so '{label}' reaches {Words([platform])} alone"
            : null);
    }

    /// <summary>Whether a filter fits objects of a type, beyond their platform.</summary>
    public static bool Fits(string? filterPlatform, string type) =>
        !string.Equals(filterPlatform, WorkProfile, StringComparison.OrdinalIgnoreCase) || type.StartsWith("androidForWork", StringComparison.Ordinal);

    private static string Words(IEnumerable<DevicePlatform> platforms) => string.Join(", ", platforms.Order());

    private static VerdictException Invalid(string message) => VerdictException.Stalled(Reasons.InvalidSpec, "spec.include: " + message);
}
