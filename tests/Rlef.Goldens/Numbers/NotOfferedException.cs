namespace Rlef.Goldens.Numbers;

/// <summary>A row of a function that we have, with a setting that we do not.</summary>
sealed class NotOfferedException(string what) : Exception(what);
