namespace SmimeOperator.TenantSimulator.Tokens;

/// <summary>Who sends a request, as its token says.</summary>
/// <param name="AppId">The application, or "anonymous".</param>
/// <param name="Roles">Granted application permissions; null when no token limits them.</param>
internal sealed record Caller(string AppId, IReadOnlySet<string>? Roles)
{
    public static Caller Anonymous { get; } = new("anonymous", null);
}
