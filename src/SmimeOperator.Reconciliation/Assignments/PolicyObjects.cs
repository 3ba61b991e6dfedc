using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The objects that an Assignment of a policy assigns: what the policy owns, and the apps that its app policies target.</summary>
internal static class PolicyObjects
{
    /// <summary>What the policy has in the tenant.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="snapshot">The tenant.</param>
    /// <param name="before">What its Assignments assigned before: it names the app while the app policy, which leads to it, is missing.</param>
    public static IReadOnlyList<OwnedObject> Of(SmimePolicy policy, TenantSnapshot snapshot, IEnumerable<OwnedObject> before)
    {
        var objects = (policy.Status?.Objects ?? []).ToList();
        foreach (var (app, appPolicy) in ((string, string)[])[(Roles.App, Roles.AppPolicy), (Roles.AndroidApp, Roles.AndroidAppPolicy)])
        {
            if (objects.All(o => o.Role != app) && objects.Find(o => o.Role == appPolicy) is { } found)
            {
                objects.AddRange(snapshot.Find(TenantCollection.AppConfigurations, found.Id) is { } there
                    ? AppOf(there, snapshot).Select(a => new OwnedObject { Kind = a.Type, Id = a.Id, Name = a.DisplayName, Role = app })
                    : before.Where(o => o.Role == app).Take(1));
            }
        }

        return objects;
    }

    private static IEnumerable<TenantObject> AppOf(TenantObject appPolicy, TenantSnapshot snapshot) =>
        appPolicy.Properties.TryGetProperty("targetedMobileApps", out var apps) && apps.ValueKind == System.Text.Json.JsonValueKind.Array
            ? apps.EnumerateArray().Select(a => snapshot.Find(TenantCollection.MobileApps, a.GetString() ?? "")).OfType<TenantObject>().Take(1)
            : [];
}
