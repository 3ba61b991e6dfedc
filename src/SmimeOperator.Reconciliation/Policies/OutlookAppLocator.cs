using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>Finds the Outlook app: by id, or by bundle id among the apps of the wanted source.</summary>
internal static class OutlookAppLocator
{
    /// <summary>The app, or null where it has to be created from the store.</summary>
    /// <param name="spec">What the policy asks for.</param>
    /// <param name="snapshot">The tenant.</param>
    /// <param name="ours">The id of the app that this policy uses already; it settles a tie.</param>
    public static TenantObject? Locate(OutlookApp spec, TenantSnapshot snapshot, string? ours)
    {
        if (spec.Id is { } id)
        {
            return snapshot.All(TenantCollection.MobileApps).FirstOrDefault(a => a.Type is "iosStoreApp" or "iosVppApp" && string.Equals(a.Id, id, StringComparison.OrdinalIgnoreCase))
                ?? throw VerdictException.Waiting(Reasons.NotFoundInTenant,
                    $"spec.app.id: there is no iOS store or VPP app {id} in the tenant; leave id out to find the app by its bundle id");
        }

        var type = spec.Source == AppSource.Vpp ? "iosVppApp" : "iosStoreApp";
        var matches = snapshot.All(TenantCollection.MobileApps)
            .Where(a => a.Type == type && string.Equals(a.Text("bundleId"), spec.BundleId, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (matches.Count > 1 && matches.FirstOrDefault(m => m.Id == ours) is { } used)
        {
            return used;
        }

        return matches.Count switch
        {
            1 => matches[0],
            > 1 => throw VerdictException.Stalled(Reasons.AmbiguousMatch,
                $"spec.app: {matches.Count} apps of type {type} have the bundle id {spec.BundleId}: {string.Join(", ", matches.Select(m => m.Id).Order(StringComparer.Ordinal))}; name one in spec.app.id"),
            _ when spec.Source == AppSource.Vpp => throw VerdictException.Waiting(Reasons.NotFoundInTenant,
                $"spec.app: no volume-purchased app has the bundle id {spec.BundleId}; buy it in Apple Business Manager and sync the token, or use source: Store"),
            _ when !IsOutlook(spec.BundleId) => throw VerdictException.Waiting(Reasons.NotFoundInTenant,
                $"spec.app: no store app has the bundle id {spec.BundleId}, and only Outlook ({StoreApp.BundleId}) can be created from the store; add the app in Intune first"),
            _ => null,
        };
    }

    private static bool IsOutlook(string bundleId) => string.Equals(bundleId, StoreApp.BundleId, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Outlook for iOS in the App Store (intune.md §5).</summary>
internal static class StoreApp
{
    public const string BundleId = "com.microsoft.Office.Outlook";
    public const string DisplayName = "Microsoft Outlook";
    public const string Publisher = "Microsoft Corporation";
    public const string Url = "https://apps.apple.com/us/app/microsoft-outlook/id951937596";
}
