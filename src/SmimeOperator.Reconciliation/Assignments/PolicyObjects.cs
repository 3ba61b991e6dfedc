using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The objects that an Assignment of a policy assigns: what the policy owns, and the apps that its app policies target.</summary>
internal static class PolicyObjects
{
    public static IReadOnlyList<OwnedObject> Of(SmimePolicy policy, TenantSnapshot snapshot)
    {
        var objects = (policy.Status?.Objects ?? []).ToList();
        foreach (var (app, appPolicy) in ((string, string)[])[(Roles.App, Roles.AppPolicy), (Roles.AndroidApp, Roles.AndroidAppPolicy)])
        {
            if (objects.All(o => o.Role != app) && objects.Find(o => o.Role == appPolicy) is { } found)
            {
                objects.AddRange(AppOf(found, snapshot).Select(a => new OwnedObject { Kind = a.Type, Id = a.Id, Name = a.DisplayName, Role = app }));
            }
        }

        return objects;
    }

    private static IEnumerable<TenantObject> AppOf(OwnedObject appPolicy, TenantSnapshot snapshot) =>
        snapshot.Find(TenantCollection.AppConfigurations, appPolicy.Id) is { } found
        && found.Properties.TryGetProperty("targetedMobileApps", out var apps)
        && apps.ValueKind == System.Text.Json.JsonValueKind.Array
            ? apps.EnumerateArray().Select(a => snapshot.Find(TenantCollection.MobileApps, a.GetString() ?? "")).OfType<TenantObject>().Take(1)
            : [];
}
