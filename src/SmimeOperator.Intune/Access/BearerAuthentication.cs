using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;

namespace SmimeOperator.Intune;

/// <summary>Puts the token on requests; to the Graph root of the connection and nowhere else.</summary>
internal sealed class BearerAuthentication(AccessTokens tokens, Uri graphRoot) : IAuthenticationProvider
{
    private const string Header = "Authorization";

    /// <inheritdoc/>
    public async Task AuthenticateRequestAsync(
        RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default)
    {
        if (!tokens.HasCredential || !string.Equals(request.URI.Authority, graphRoot.Authority, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var (token, _) = await tokens.GetAsync(cancellationToken);
        if (additionalAuthenticationContext?.GetValueOrDefault("claims") is string challenge)
        {
            tokens.Refused(token, challenge);
            (token, _) = await tokens.GetAsync(cancellationToken);
        }

        request.Headers.Remove(Header);
        request.Headers.Add(Header, "Bearer " + token);
    }
}
