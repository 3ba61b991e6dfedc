using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>An imported-PKCS profile, and whether it reaches the user.</summary>
internal sealed record UserRoute(DeliveryRoute Route, UserVerdict Verdict);

/// <summary>A policy that switches S/MIME on in Outlook, and whether it reaches the user.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Platform">iOS or Android.</param>
/// <param name="Owner">The resource whose mark it bears; null for somebody else's.</param>
/// <param name="Verdict">Whether it reaches the user.</param>
internal sealed record UserPolicy(string Policy, string Id, string Platform, string? Owner, UserVerdict Verdict)
{
    /// <summary>Its name, with the platform where the name does not tell it.</summary>
    public string Label => Policy.Contains(Platform, StringComparison.OrdinalIgnoreCase) ? Policy : $"{Policy} ({Platform})";
}

/// <summary>What reaches one user of the tenant's profiles and policies.</summary>
/// <param name="Routes">The profiles that deliver imported certificates.</param>
/// <param name="Policies">The policies of Outlook.</param>
/// <param name="Fault">Why names of groups could not be read.</param>
internal sealed record UserDeliveries(IReadOnlyList<UserRoute> Routes, IReadOnlyList<UserPolicy> Policies, string? Fault)
{
    /// <summary>Asks once for all groups that profiles and policies name. A membership that cannot be read is not known, and fails nothing.</summary>
    public static async Task<UserDeliveries> ReadAsync(HistoryUser user, TenantView view, CancellationToken cancellationToken)
    {
        var policies = view.Snapshot.All(TenantCollection.AppConfigurations).Where(SwitchesOn).ToList();
        var (routes, words) = await DeliveryRoute.ListAsync(view, policies.SelectMany(p => p.Assignments), cancellationToken);
        var targets = routes.SelectMany(r => r.Targets).Concat(policies.SelectMany(p => p.Assignments).Select(a => a.Target));
        var groups = targets.Select(t => t.GroupId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var memberships = groups.Count == 0
            ? new Dictionary<string, Membership>()
            : await view.Tenant.Connection.FindMembershipsAsync(user.Id, groups, cancellationToken);
        return new UserDeliveries(
            [.. routes.Select(r => new UserRoute(r, UserVerdict.Of(r.Targets, memberships, words)))],
            [
                .. policies.Select(p => new UserPolicy(
                    p.DisplayName ?? p.Id, p.Id, SmimeObjects.PartOf(p) == SmimePart.AppPolicy ? "iOS" : "Android", OwnershipMark.Find(p.MarkedText)?.Owner,
                    UserVerdict.Of([.. p.Assignments.Select(a => a.Target)], memberships, words)))
                    .OrderBy(p => p.Platform, StringComparer.Ordinal).ThenBy(p => p.Policy, StringComparer.Ordinal),
            ],
            words.Fault);
    }

    // A policy may say in so many words that S/MIME is off.
    private static bool SwitchesOn(TenantObject policy) => SmimeObjects.PartOf(policy) is SmimePart.AppPolicy or SmimePart.AndroidAppPolicy
        && !(SmimeObjects.Settings(policy).TryGetValue(SmimeObjects.SettingsKey, out var setting) && string.Equals(setting.Value, "false", StringComparison.OrdinalIgnoreCase));
}
