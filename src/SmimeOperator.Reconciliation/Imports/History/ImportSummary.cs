using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>What the statuses of imports add up to, for metrics: numbers only, nothing that names a person.</summary>
public sealed record ImportSummary
{
    /// <summary>How many users.</summary>
    public int Users { get; init; }

    /// <summary>Users whose newest certificate ends within thirty days, or has ended.</summary>
    public int UsersExpiring { get; init; }

    /// <summary>Certificates that sources hold or held.</summary>
    public int Desired { get; init; }

    /// <summary>In the tenant.</summary>
    public int Imported { get; init; }

    /// <summary>Not yet in the tenant.</summary>
    public int Pending { get; init; }

    /// <summary>Refused, invalid or missing.</summary>
    public int Failed { get; init; }

    /// <summary>In the tenant without a source.</summary>
    public int SourceGone { get; init; }

    /// <summary>In the tenant, encrypted to another connector key than today's.</summary>
    public int OtherKey { get; init; }

    /// <summary>Sources that hold what another source holds.</summary>
    public int Duplicates { get; init; }

    /// <summary>Records in the tenant that no source holds, whoever made them.</summary>
    public int Unsourced { get; init; }

    /// <summary>Times without any certificate between two.</summary>
    public int Gaps { get; init; }

    /// <summary>The sum of two.</summary>
    public static ImportSummary operator +(ImportSummary one, ImportSummary other) => Add(one, other);

    /// <summary>The sum of two.</summary>
    public static ImportSummary Add(ImportSummary left, ImportSummary right) => new()
    {
        Users = left.Users + right.Users,
        UsersExpiring = left.UsersExpiring + right.UsersExpiring,
        Desired = left.Desired + right.Desired,
        Imported = left.Imported + right.Imported,
        Pending = left.Pending + right.Pending,
        Failed = left.Failed + right.Failed,
        SourceGone = left.SourceGone + right.SourceGone,
        OtherKey = left.OtherKey + right.OtherKey,
        Duplicates = left.Duplicates + right.Duplicates,
        Unsourced = left.Unsourced + right.Unsourced,
        Gaps = left.Gaps + right.Gaps,
    };

    /// <summary>What one status says; nothing where there is none yet.</summary>
    public static ImportSummary Of(CertificateImportStatus? status) => status is null
        ? new ImportSummary()
        : new ImportSummary
        {
            Users = status.Users?.Total ?? (status.UserId is null ? 0 : 1),
            UsersExpiring = status.Users?.Expiring
                ?? (status.Conditions?.Exists(c => c is { Type: ConditionTypes.ExpiringSoon, Status: "True" }) == true ? 1 : 0),
            Desired = status.Counts?.Desired ?? 0,
            Imported = status.Counts?.Imported ?? 0,
            Pending = status.Counts?.Pending ?? 0,
            Failed = status.Counts?.Failed ?? 0,
            SourceGone = status.Counts?.SourceGone ?? 0,
            OtherKey = status.Counts?.OtherKey ?? 0,
            Duplicates = status.Counts?.Duplicates ?? 0,
            Unsourced = status.History?.Unsourced ?? 0,
            Gaps = status.History?.Gaps ?? 0,
        };
}
