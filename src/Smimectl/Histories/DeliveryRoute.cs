using System.Text.Json.Serialization;
using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Whom a profile reaches, as far as its assignments tell.</summary>
internal enum DeliveryReach
{
    /// <summary>Nobody: it is not assigned.</summary>
    Nobody,

    /// <summary>Those whom groups or filters let through.</summary>
    Some,

    /// <summary>Every licensed user, or every device.</summary>
    Everybody,
}

/// <summary>A profile of the tenant that delivers imported certificates of one purpose.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Platform">The platform it is for.</param>
/// <param name="Purpose">smimeEncryption or smimeSigning.</param>
/// <param name="Owner">The resource whose mark it bears; null for somebody else's.</param>
/// <param name="Reach">Whom it reaches.</param>
/// <param name="To">Whom it is assigned to, in words.</param>
/// <param name="Except">Who is excluded, in words.</param>
internal sealed record DeliveryRoute(
    string Profile, string Id, string Platform, string Purpose, string? Owner, DeliveryReach Reach, IReadOnlyList<string> To, IReadOnlyList<string> Except)
{
    private const string Suffix = "ImportedPFXCertificateProfile";

    /// <summary>Whom it is assigned to.</summary>
    [JsonIgnore]
    public IReadOnlyList<AssignmentTarget> Targets { get; init; } = [];

    /// <summary>Its name, with the platform where the name does not tell it.</summary>
    [JsonIgnore]
    public string Label => Profile.Contains(Platform, StringComparison.OrdinalIgnoreCase) ? Profile : $"{Profile} ({Platform})";

    /// <summary>The profiles that deliver imported certificates, and the names of what they are assigned to.</summary>
    /// <param name="view">The tenant.</param>
    /// <param name="others">Other assignments whose groups are to be known by name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(IReadOnlyList<DeliveryRoute> Routes, TargetWords Words)> ListAsync(
        TenantView view, IEnumerable<TenantAssignment> others, CancellationToken cancellationToken)
    {
        var profiles = view.Snapshot.All(TenantCollection.DeviceConfigurations).Where(o => o.Type.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)).ToList();
        var words = await TargetWords.ReadAsync(view, profiles.SelectMany(p => p.Assignments).Concat(others), cancellationToken);
        return ([.. profiles.Select(p => Of(p, words)).OrderBy(r => r.Purpose, StringComparer.Ordinal).ThenBy(r => r.Platform, StringComparer.Ordinal).ThenBy(r => r.Profile, StringComparer.Ordinal)], words);
    }

    /// <summary>The route in one sentence.</summary>
    public string Describe() => Reach == DeliveryReach.Nobody
        ? $"{Label} is not assigned to anybody"
        : $"{Label} goes to {string.Join(" and ", To)}{(Except.Count > 0 ? $", except {string.Join(" and ", Except)}" : "")}";

    private static DeliveryRoute Of(TenantObject profile, TargetWords words)
    {
        var to = profile.Assignments.Where(a => a.Target.Kind is not TargetKind.ExclusionGroup).ToList();
        var except = profile.Assignments.Where(a => a.Target.Kind is TargetKind.ExclusionGroup).Select(a => words.Of(a.Target)).ToList();
        var isForAll = except.Count == 0 && to.Exists(a => a.Target is { Kind: TargetKind.AllLicensedUsers or TargetKind.AllDevices, FilterId: null });
        return new DeliveryRoute(
            profile.DisplayName ?? profile.Id, profile.Id, PlatformOf(profile.Type), profile.Text("intendedPurpose") ?? "unassigned",
            OwnershipMark.Find(profile.MarkedText)?.Owner,
            to.Count == 0 ? DeliveryReach.Nobody : isForAll ? DeliveryReach.Everybody : DeliveryReach.Some,
            [.. to.Select(a => words.Of(a.Target))], except)
        {
            Targets = [.. profile.Assignments.Select(a => a.Target)],
        };
    }

    private static string PlatformOf(string type) => type[..^Suffix.Length] switch
    {
        "ios" => "iOS",
        "androidDeviceOwner" => "Android device owner",
        "androidForWork" => "Android work profile",
        "macOS" => "macOS",
        "windows10" => "Windows",
        var other => other,
    };
}
