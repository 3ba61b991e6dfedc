using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>How a user is provided for with encryption certificates that the tenant holds.</summary>
internal enum AuditCover
{
    /// <summary>No encryption certificate of the user is in the tenant.</summary>
    Missing,

    /// <summary>All that are there have expired, or none is valid yet.</summary>
    NotValid,

    /// <summary>The one that is valid longest ends within thirty days.</summary>
    Expiring,

    Covered,
}

/// <summary>A user whom imports in git name, of whom the tenant holds certificates, or to whom an encryption profile is assigned.</summary>
/// <param name="Name">The principal name as git, the newest record or the directory has it, or an object id where nothing else is known.</param>
/// <param name="IsStated">Whether an import in git names the user.</param>
/// <param name="Certificates">Records in the tenant, of every purpose.</param>
/// <param name="NewestEnd">When the encryption certificate ends that is valid longest.</param>
/// <param name="Cover">How the user is provided for.</param>
internal sealed record AuditUser(string Name, bool IsStated, int Certificates, DateTimeOffset? NewestEnd, AuditCover Cover)
{
    /// <summary>Whether an encryption profile is assigned to the user; null where that is not known.</summary>
    public bool? IsIntended { get; init; }
}

/// <summary>How many certificates end in one month.</summary>
/// <param name="Start">The first of the month, UTC.</param>
/// <param name="Count">How many end in it; in the first month those that have not ended yet.</param>
internal sealed record AuditMonth(DateOnly Start, int Count);

/// <summary>When the certificates of the tenant end.</summary>
/// <param name="Expired">Have ended.</param>
/// <param name="Soon">End within thirty days.</param>
/// <param name="Months">The coming months.</param>
/// <param name="Later">End after those months.</param>
internal sealed record AuditExpiry(int Expired, int Soon, IReadOnlyList<AuditMonth> Months, int Later);

/// <summary>A resource and how it stands.</summary>
internal sealed record AuditResource(string Kind, string Name, string File, PlanState State, string Reason, string Message, int Differences, int? Desired, int? InTenant, int? Failed);

/// <summary>A difference between the tenant and the folder.</summary>
/// <param name="Resource">The resource, as Kind/namespace/name.</param>
/// <param name="What">What would be done to which object.</param>
/// <param name="Why">Where it comes from.</param>
/// <param name="Fields">The fields that differ.</param>
/// <param name="Effect">What doing it takes from people.</param>
internal sealed record AuditDifference(string Resource, string What, string Why, IReadOnlyList<string> Fields, string? Effect);

/// <summary>Objects of a type that no resource of this folder owns.</summary>
internal sealed record AuditUnmanaged(string Type, int Count, int OfOthers);

/// <summary>A tenant at one moment, for whoever audits it.</summary>
internal sealed record AuditReport
{
    /// <summary>The Tenant, as namespace/name.</summary>
    public required string Tenant { get; init; }

    public required string TenantId { get; init; }

    public required TenantMode Mode { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>What could not be read, in words; figures are incomplete then.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    /// <summary>Whether the imported certificates could be read.</summary>
    public required bool KnowsCertificates { get; init; }

    /// <summary>Whether policies and profiles could be read.</summary>
    public required bool KnowsProfiles { get; init; }

    /// <summary>What limits the report, in words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Every record of the tenant.</summary>
    public required IReadOnlyList<ImportedCertificate> Certificates { get; init; }

    /// <summary>Users, those with the most need first.</summary>
    public required IReadOnlyList<AuditUser> Users { get; init; }

    /// <summary>Who is meant to have encryption certificates.</summary>
    public required IntendedUsers Intended { get; init; }

    public required AuditExpiry Expiry { get; init; }

    public required IReadOnlyList<AuditResource> Policies { get; init; }

    public required IReadOnlyList<AuditResource> Imports { get; init; }

    public required IReadOnlyList<AuditDifference> Differences { get; init; }

    public required IReadOnlyList<AuditUnmanaged> Unmanaged { get; init; }

    public required IReadOnlyList<DeliveryRoute> Routes { get; init; }

    /// <summary>The connectors, each with whether it is active and new enough.</summary>
    public required IReadOnlyList<(Connector Connector, bool IsHealthy)> Connectors { get; init; }

    /// <summary>What is true of the connection: credentials, permissions, connectors; null where it was not looked at.</summary>
    public required IReadOnlyList<AuditCheck> Checks { get; init; }

    public required IReadOnlyList<string> GrantedPermissions { get; init; }

    public required IReadOnlyList<string> MissingPermissions { get; init; }
}

/// <summary>One condition of the Tenant.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="IsMet">Whether it is so; null where it is not known.</param>
/// <param name="Message">In words.</param>
internal sealed record AuditCheck(string Name, bool? IsMet, string Message);
