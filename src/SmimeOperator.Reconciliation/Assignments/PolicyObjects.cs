using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The objects that an Assignment of a policy assigns: what the policy owns, and the app that its app policy targets.</summary>
internal static class PolicyObjects
{
    public static IReadOnlyList<OwnedObject> Of(SmimePolicy policy, TenantSnapshot snapshot)
    {
        var objects = (policy.Status?.Objects ?? []).ToList();
        if (objects.All(o => o.Role != Roles.App)
            && objects.FirstOrDefault(o => o.Role == Roles.AppPolicy) is { } appPolicy
            && snapshot.Find(TenantCollection.AppConfigurations, appPolicy.Id) is { } found
            && found.Properties.TryGetProperty("targetedMobileApps", out var apps)
            && apps.ValueKind == System.Text.Json.JsonValueKind.Array)
        {
            objects.AddRange(apps.EnumerateArray()
                .Select(a => snapshot.Find(TenantCollection.MobileApps, a.GetString() ?? ""))
                .OfType<TenantObject>()
                .Take(1)
                .Select(a => new OwnedObject { Kind = a.Type, Id = a.Id, Name = a.DisplayName, Role = Roles.App }));
        }

        return objects;
    }
}
