using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SmimeOperator.Runtime;

/// <summary>The API server refused a request.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a status code it means nothing.")]
[SuppressMessage("Roslynator", "RCS1194", Justification = "Without a status code it means nothing.")]
public sealed class KubernetesApiException(HttpStatusCode statusCode, string reason, string message)
    : Exception($"{(int)statusCode} {reason}: {message}")
{
    /// <summary>The HTTP status code.</summary>
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The reason of the Status object, such as NotFound or Expired.</summary>
    public string Reason { get; } = reason;
}
