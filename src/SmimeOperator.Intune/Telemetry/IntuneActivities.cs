using System.Diagnostics;
using System.Globalization;

namespace SmimeOperator.Intune;

/// <summary>The tenant engine's spans: one for each request that goes out. Addresses are left out, because they hold names and ids of people.</summary>
internal static class IntuneActivities
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "SmimeOperator.Intune";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of one try; null when nobody listens.</summary>
    public static Activity? Start(GraphCall call, string method) =>
        Source.StartActivity("graph " + call.Operation, ActivityKind.Client)
            ?.SetTag("http.request.method", method)
            .SetTag("smime.lane", call.Lane.ToString().ToLowerInvariant())
            .SetTag("client-request-id", call.ClientRequestId);

    /// <summary>Says how the service answered: a status code, or "no answer".</summary>
    public static void End(Activity? activity, string status)
    {
        if (activity is null)
        {
            return;
        }

        if (int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            activity.SetTag("http.response.status_code", code);
        }

        if (code is 0 or >= 400)
        {
            activity.SetStatus(ActivityStatusCode.Error, status);
        }
    }
}
