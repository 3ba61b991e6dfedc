using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>The users whom a tenant holds certificates of, as the directory calls them today: a certificate remembers the name at its import.</summary>
internal static class TenantUsers
{
    public static async Task<IReadOnlyDictionary<string, DirectoryUser>> FindAsync(TenantView view, CancellationToken cancellationToken)
    {
        var ids = view.Snapshot.CertificatesByUser.Keys.Select(IdOf).OfType<string>().ToList();
        return ids.Count == 0 ? new Dictionary<string, DirectoryUser>() : await view.Tenant.Connection.FindUsersByIdAsync(ids, cancellationToken);
    }

    /// <summary>The user of a key of imported certificates; null where the directory has none.</summary>
    public static DirectoryUser? Of(string key, IReadOnlyDictionary<string, DirectoryUser> users) => IdOf(key) is { } id ? users.GetValueOrDefault(id) : null;

    private static string? IdOf(string key) => Guid.TryParseExact(key, "N", out var id) ? id.ToString() : null;
}
