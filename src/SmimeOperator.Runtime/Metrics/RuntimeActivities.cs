using System.Diagnostics;

namespace SmimeOperator.Runtime.Metrics;

/// <summary>The runtime's spans. An entity is named by its uid: names are people's choice, and may be people's names.</summary>
internal static class RuntimeActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "SmimeOperator.Runtime";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of one pass; null when nobody listens.</summary>
    public static Activity? StartPass(string kind, string @namespace, string? uid) =>
        Source.StartActivity($"reconcile {kind}")?.SetTag("k8s.resource.kind", kind).SetTag("k8s.namespace.name", @namespace).SetTag("k8s.resource.uid", uid);

    /// <summary>Says how the pass ended.</summary>
    public static void End(Activity? activity, string result)
    {
        activity?.SetTag("result", result);
        if (result == "error")
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
