using System.Collections.Frozen;

namespace SmimeOperator.Intune;

/// <summary>The parts of a snapshot that are read apart, and fail apart.</summary>
public enum SnapshotPart
{
    /// <summary>Apps.</summary>
    MobileApps,

    /// <summary>App configuration policies.</summary>
    AppConfigurations,

    /// <summary>Device configurations.</summary>
    DeviceConfigurations,

    /// <summary>Imported certificates.</summary>
    ImportedCertificates,

    /// <summary>Certificate connectors.</summary>
    Connectors,

    /// <summary>Assignment filters.</summary>
    AssignmentFilters,

    /// <summary>Issuers of derived credentials.</summary>
    DerivedCredentials,
}

/// <summary>The tenant at one moment. Immutable. A part that could not be read whole is in <see cref="Faults"/>, and says nothing of what is absent.</summary>
public sealed class TenantSnapshot
{
    /// <summary>Counts up with each read and each write of our own.</summary>
    public required long Revision { get; init; }

    /// <summary>When the read began.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Apps, app configurations and device configurations by id.</summary>
    public required FrozenDictionary<TenantCollection, IReadOnlyDictionary<string, TenantObject>> Objects { get; init; }

    /// <summary>Imported certificates by the user's key (object id without dashes), then by natural key.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ImportedCertificate>> CertificatesByUser { get; init; }

    /// <summary>How many certificates there are.</summary>
    public required int CertificateCount { get; init; }

    /// <summary>The connectors.</summary>
    public required IReadOnlyList<Connector> Connectors { get; init; }

    /// <summary>The assignment filters.</summary>
    public required IReadOnlyList<AssignmentFilter> AssignmentFilters { get; init; }

    /// <summary>The issuers of derived credentials.</summary>
    public required IReadOnlyList<DerivedCredentialIssuer> DerivedCredentials { get; init; }

    /// <summary>Ids of objects that we made or changed and that no list of the service has shown like that yet.</summary>
    public IReadOnlySet<string> Unseen { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The parts that could not be read, and why.</summary>
    public required IReadOnlyDictionary<SnapshotPart, TenantException> Faults { get; init; }

    /// <summary>The objects of one collection.</summary>
    public IEnumerable<TenantObject> All(TenantCollection collection) => Objects[collection].Values;

    /// <summary>One object, or null; null means absent only if the part has no fault.</summary>
    public TenantObject? Find(TenantCollection collection, string id) => Objects[collection].GetValueOrDefault(id);

    /// <summary>A user's imported certificates.</summary>
    public IReadOnlyList<ImportedCertificate> CertificatesOf(string userId) =>
        CertificatesByUser.GetValueOrDefault(ImportedCertificate.UserKeyOf(userId)) ?? [];
}

/// <summary>What differs between two snapshots.</summary>
/// <param name="Current">The newer one.</param>
/// <param name="ObjectIds">Ids of apps, policies and profiles that appeared, changed or went.</param>
/// <param name="UserKeys">Keys of users whose imported certificates changed.</param>
/// <param name="SharedChanged">Whether connectors, filters, issuers or the set of faulty parts changed: that concerns everybody.</param>
public sealed record SnapshotChange(
    TenantSnapshot Current, IReadOnlySet<string> ObjectIds, IReadOnlySet<string> UserKeys, bool SharedChanged);
