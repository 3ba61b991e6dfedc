using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>How many objects and imports are managed in a tenant: what the guard's percentage is taken of.</summary>
internal static class ManagedCount
{
    public static int Of(TenantReference reference, string @namespace, IResourceCatalog catalog)
    {
        var tenant = ResourceReferences.TenantOf(reference, @namespace);
        return catalog.PoliciesOf(tenant).Sum(p => p.Status?.Objects?.Count ?? 0)
            + catalog.ImportsOf(tenant).Sum(i => i.Status?.Counts?.Imported ?? 0);
    }
}

/// <summary>How long a resource waits for a tenant that is gone before it lets go of what it made.</summary>
internal static class Cleanup
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public const string WaitingMessage =
        "the Tenant or its credential is gone, so nothing can be deleted from it; ten minutes after the deletion was asked for the objects are left behind";

    public static bool IsOverdue(k8s.Models.V1ObjectMeta metadata, TimeProvider time) =>
        metadata.DeletionTimestamp is { } deleted && time.GetUtcNow() - new DateTimeOffset(deleted.ToUniversalTime()) > Grace;
}
