// Starts the reader of the API's description that the page has brought along: Swagger UI or ReDoc.
(() => {
  const place = document.getElementById('reader');
  const address = place.dataset.description;
  if (window.SwaggerUIBundle) {
    SwaggerUIBundle({ url: address, domNode: place, deepLinking: true, validatorUrl: null, docExpansion: 'list', tryItOutEnabled: false, defaultModelsExpandDepth: 0 });
  } else if (window.Redoc) {
    Redoc.init(address, { hideDownloadButton: false, nativeScrollbars: true, expandResponses: '200,201' }, place);
  }
})();
