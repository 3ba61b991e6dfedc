using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>The padding schemes that spec.connectorKey.paddingScheme takes, with their hashes.</summary>
internal static class Paddings
{
    public static IReadOnlyList<(KeyPadding Scheme, OaepHash Hash)> All { get; } =
    [
        (KeyPadding.OaepSha256, OaepHash.Sha256), (KeyPadding.OaepSha384, OaepHash.Sha384), (KeyPadding.OaepSha512, OaepHash.Sha512),
    ];
}
