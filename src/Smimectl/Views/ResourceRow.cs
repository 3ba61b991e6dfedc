using System.Globalization;
using SmimeOperator.Api;

namespace Smimectl;

/// <summary>One resource as people read it.</summary>
internal sealed record ResourceRow(string Kind, string Name, string Ready, string Reason, string Drift, string Objects, string Message)
{
    public static ResourceRow Of(ResourceRecord record)
    {
        var ready = ReadyState.Condition(record, ConditionTypes.Ready);
        var drifted = ReadyState.Condition(record, ConditionTypes.Drifted);
        var drift = drifted switch
        {
            { Status: "True" } => "drifted",
            { Reason: Reasons.DriftCorrected } => "corrected",
            { } => "none",
            null => "-",
        };
        var isCurrent = record.IsDeleting || record.Status?.ObservedGeneration == record.Entity.Metadata.Generation || ready?.Status != "True";
        return new ResourceRow(
            record.Key.Kind,
            $"{record.Key.Namespace}/{record.Key.Name}",
            isCurrent ? ready?.Status ?? "Unknown" : "Unknown",
            record.IsDeleting ? Reasons.Deleting : isCurrent ? ready?.Reason ?? "" : Reasons.Progressing,
            record.Entity is Tenant ? "-" : drift,
            ObjectsOf(record),
            isCurrent ? ready?.Message ?? "" : "the manifest changed");
    }

    private static string ObjectsOf(ResourceRecord record) => record.Status switch
    {
        CertificateImportStatus { Counts: { } counts } => string.Create(CultureInfo.InvariantCulture, $"{counts.Imported}/{counts.Desired}"),
        TenantStatus => "-",
        { Objects: { } objects } => objects.Count.ToString(CultureInfo.InvariantCulture),
        _ => "0",
    };
}
